/**
 * Weights in fewer bits: how floating tensors become the codes and scales that {@link
 * org.t3jvm.tensor.graph.Op.Scaled} multiplies.
 */
@NullMarked
package org.t3jvm.tensor.quantize;

import org.jspecify.annotations.NullMarked;
