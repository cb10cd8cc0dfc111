"""What draws the example scenes: one module a scene, and the light, noise and paint they share."""
