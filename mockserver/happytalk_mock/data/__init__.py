"""What a tenant has by itself: generated rooms, system messages, scenario files, and how they are exported.

Faker is imported here and nowhere else. Nothing depends on what was read before.
"""
