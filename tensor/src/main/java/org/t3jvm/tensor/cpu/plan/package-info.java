/**
 * From a graph to steps: which ops are computed together, in chunks or in place, and where each
 * value lies.
 */
@NullMarked
package org.t3jvm.tensor.cpu.plan;

import org.jspecify.annotations.NullMarked;
