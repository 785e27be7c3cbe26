/**
 * Reverse mode: {@link org.t3jvm.tensor.grad.Gradients} appends to a graph what computes the
 * gradients of a loss, by a rule for every op, one class a family of ops.
 */
@NullMarked
package org.t3jvm.tensor.grad;

import org.jspecify.annotations.NullMarked;
