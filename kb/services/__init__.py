"""One module per user task, written against the ports: this folder's file list is the feature list."""
