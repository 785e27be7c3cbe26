/**
 * Graphs made from graphs: a rewrite is a {@link Pass} over the values of a graph in order, {@link
 * BatchedGraph} one that changes their shapes.
 */
@NullMarked
package org.t3jvm.tensor.graph.rewrite;

import org.jspecify.annotations.NullMarked;
