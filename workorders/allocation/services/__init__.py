"""Changes of skills (`skills`), rules (`rules`) and what agents can do (`agents`)."""
