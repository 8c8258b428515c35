"""Steps of the launch, child processes, static files."""
