package org.t3jvm.tensor.cpu;

import java.util.List;
import org.t3jvm.tensor.graph.Value;

/**
 * What happens at one value of a program.
 *
 * @param value the value
 * @param lowered its kernels, none if it is given or a view
 * @param copies names of the outputs that are copied from it afterwards
 */
record Step(Value value, LoweredOp lowered, List<String> copies) {}
