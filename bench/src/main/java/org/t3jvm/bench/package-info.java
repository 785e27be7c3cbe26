/**
 * Benchmarks of the tensor engine and the model at the shapes that the released models have: the
 * cases, the interleaved runs beside native peers, the reports, the command and a JMH suite.
 */
@NullMarked
package org.t3jvm.bench;

import org.jspecify.annotations.NullMarked;
