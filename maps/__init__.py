"""Drawings of the sea: folium maps for the page and for standalone files, pictures as PNG; every asset is local."""
