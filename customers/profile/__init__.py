"""The profile: one wide row per live subscriber, rebuilt each night; snapshots of it as of past dates."""
