// Placeholder until the first type of Rendering lands.
