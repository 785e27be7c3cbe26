package org.t3jvm.accel.queue;

/**
 * What one launch may take on a device.
 *
 * @param groupsY most work groups along y
 * @param groupsZ most work groups along z
 * @param operations most floating-point operations, as {@link LaunchWork} estimates them
 */
public record LaunchLimits(int groupsY, int groupsZ, double operations) {
  /** No limit of the grid, and none of time. */
  public static final LaunchLimits NONE =
      new LaunchLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Double.POSITIVE_INFINITY);

  /**
   * What a launch is to take. Displays are redrawn, and watchdogs end it, after 0.5 seconds and
   * more; estimates may be half of what it takes.
   */
  private static final double SECONDS = 0.25;

  /**
   * These limits with one of time.
   *
   * @param rate floating-point operations a second that the device reaches in products
   */
  public LaunchLimits within(double rate) {
    return new LaunchLimits(groupsY, groupsZ, rate * SECONDS);
  }
}
