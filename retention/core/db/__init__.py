"""Database helpers without any knowledge of the apps."""
