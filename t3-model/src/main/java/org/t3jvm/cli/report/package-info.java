/** What commands print: reports, progress, sizes and durations. */
@NullMarked
package org.t3jvm.cli.report;

import org.jspecify.annotations.NullMarked;
