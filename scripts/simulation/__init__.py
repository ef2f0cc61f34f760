"""Nights of rendering played through without a clock, with the product's scheduler."""
