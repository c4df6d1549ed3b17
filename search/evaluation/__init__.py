"""How good is the ranking? Any collection of documents, questions and judgements, asked of any engine.

collection   JSONL corpus, JSONL queries and qrels, read and checked; fields joined
measuring    every query asked twice: once as a reader would, on the clock; once deep, for the figures
metrics      pure functions of one ranking and its judgements
intervals    how far the mean would move with other queries of the same kind
"""

from search.evaluation.collection import BadCollection, Collection, EvaluationQuery, read_collection
from search.evaluation.measuring import Report, measure, schema_of

__all__ = ["BadCollection", "Collection", "EvaluationQuery", "Report", "measure", "read_collection", "schema_of"]
