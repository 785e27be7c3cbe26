/** Where the time of a run goes: a trace file for timeline viewers, and events for JFR. */
@NullMarked
package org.t3jvm.model.profile;

import org.jspecify.annotations.NullMarked;
