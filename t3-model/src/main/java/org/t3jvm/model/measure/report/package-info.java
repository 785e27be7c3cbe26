/** Measures of video files, as JSON and as pages of HTML. */
@NullMarked
package org.t3jvm.model.measure.report;

import org.jspecify.annotations.NullMarked;
