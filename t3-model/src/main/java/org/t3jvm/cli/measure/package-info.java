/** {@code t3 measure} and {@code t3 compare}: figures of videos, and of variants of a job. */
@NullMarked
package org.t3jvm.cli.measure;

import org.jspecify.annotations.NullMarked;
