package org.t3jvm.accel.nvidia;

import java.lang.foreign.MemorySegment;

/**
 * How cuBLASLt computes products of one shape.
 *
 * @param shape what it is for
 * @param operation the handle of what is computed
 * @param y the handle of y's layout
 * @param a the handle of a's layout
 * @param b the handle of b's layout
 * @param algorithm the way that cuBLASLt expects to be fastest
 */
record GemmPlan(GemmShape shape, long operation, long y, long a, long b, MemorySegment algorithm) {}
