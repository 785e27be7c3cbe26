package org.t3jvm.tensor.cpu.gemm;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.graph.Value;

/**
 * A product of rows and columns plus a bias: {@code out [rows, columns]}.
 *
 * @param bias [columns], or null
 * @param epilogue what follows on each part of the result
 */
public record Product(
    RowSource rows, int columns, @Nullable Value bias, Value out, Epilogue epilogue) {}
