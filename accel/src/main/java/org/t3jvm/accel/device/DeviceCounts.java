package org.t3jvm.accel.device;

/**
 * What a device did.
 *
 * @param launches kernels run, those that only transfer data included
 * @param compiled kernels compiled, one for each kernel and set of banks
 * @param compileNanos time of the launches that compiled
 */
public record DeviceCounts(long launches, int compiled, long compileNanos) {}
