package org.t3jvm.accel.run;

/**
 * Tensors and bytes that went between host and device.
 *
 * @param inputs tensors of inputs sent to the device
 * @param inputBytes their bytes
 * @param parameters tensors of parameters, constants and tables sent to the device
 * @param parameterBytes their bytes
 * @param outputs tensors fetched from the device
 * @param outputBytes their bytes
 */
public record TransferCounts(
    long inputs,
    long inputBytes,
    long parameters,
    long parameterBytes,
    long outputs,
    long outputBytes) {

  static final TransferCounts NONE = new TransferCounts(0, 0, 0, 0, 0, 0);

  TransferCounts input(long bytes) {
    return new TransferCounts(
        inputs + 1, inputBytes + bytes, parameters, parameterBytes, outputs, outputBytes);
  }

  TransferCounts parameter(long bytes) {
    return new TransferCounts(
        inputs, inputBytes, parameters + 1, parameterBytes + bytes, outputs, outputBytes);
  }

  TransferCounts output(long bytes) {
    return new TransferCounts(
        inputs, inputBytes, parameters, parameterBytes, outputs + 1, outputBytes + bytes);
  }
}
