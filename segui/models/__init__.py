"""Models of the hub: fetched, checked, loaded and run; what classifiers and finders share."""
