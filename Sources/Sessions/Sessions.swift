// Placeholder until the first type of Sessions lands.
