"""Jobs: long work in resumable steps, its pages, and waking a worker for a task."""
