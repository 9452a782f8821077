// Placeholder until the first type of ProCLIP lands.
