/**
 * libtorch on the CPU: each op of a graph is the op of PyTorch that its users would call, reached
 * through the C functions and the exported C++ functions of {@code libtorch_cpu.so}.
 */
@NullMarked
package org.t3jvm.bench.peer.torch;

import org.jspecify.annotations.NullMarked;
