package org.t3jvm.model.profile;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One region of a graph, such as a transformer block. */
@Name("org.t3jvm.Region")
@Label("Region")
@Category("T3 JVM")
@StackTrace(false)
final class RegionEvent extends Event {
  @Label("Region")
  String region = "";
}
