// Placeholder until the first type of Towers lands.
