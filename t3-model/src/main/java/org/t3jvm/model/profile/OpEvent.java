package org.t3jvm.model.profile;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One op, or several that were computed together. */
@Name("org.t3jvm.Op")
@Label("Op")
@Category("T3 JVM")
@StackTrace(false)
final class OpEvent extends Event {
  @Label("Op")
  String op = "";

  @Label("Result")
  String result = "";

  @Label("Bytes Read and Written")
  @DataAmount
  long bytes;

  @Label("Floating-Point Operations")
  double flop;
}
