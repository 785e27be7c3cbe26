package org.t3jvm.tensor.graph;

/**
 * A named run of values, such as one transformer block: ids {@code [first, end)}. Regions do not
 * overlap. Regions of one {@code kind} have the same ops on the same shapes and differ only in
 * their parameters, so a backend may compile the kind once.
 */
public record Region(String name, String kind, int first, int end) {}
