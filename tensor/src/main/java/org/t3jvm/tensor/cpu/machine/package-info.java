/**
 * Code for the processor, written by Java at run time: a small assembler, memory that can be
 * executed, what the processor has, and kernels that use what the Vector API does not reach.
 */
@NullMarked
package org.t3jvm.tensor.cpu.machine;

import org.jspecify.annotations.NullMarked;
