package org.t3jvm.accel.device;

import java.util.Optional;

/**
 * A device as its driver lists it.
 *
 * @param ordinal number in the order of the drivers, by which it is opened
 * @param refusal why it cannot compute, a clause; nothing for one that can
 */
public record ListedDevice(int ordinal, DeviceInfo info, Optional<String> refusal) {}
