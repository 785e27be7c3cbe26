/**
 * Compiled programs of the CPU backend: the memory of a run, its steps, and the pool of worker
 * threads.
 */
@NullMarked
package org.t3jvm.tensor.cpu.run;

import org.jspecify.annotations.NullMarked;
