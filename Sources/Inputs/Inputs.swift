// Placeholder until the first type of Inputs lands.
