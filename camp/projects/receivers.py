"""What projects hears of the apps on its left."""
