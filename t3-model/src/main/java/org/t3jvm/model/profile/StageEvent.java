package org.t3jvm.model.profile;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One stage of a run. */
@Name("org.t3jvm.Stage")
@Label("Stage")
@Category("T3 JVM")
@StackTrace(false)
final class StageEvent extends Event {
  @Label("Stage")
  String stage = "";
}
