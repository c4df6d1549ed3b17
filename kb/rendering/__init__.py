"""Markdown to safe HTML, at sync only: a linear guard, a child process with a time limit, an allow-list of tags."""

from kb.rendering.worker import RenderWorker

__all__ = ["RenderWorker"]
