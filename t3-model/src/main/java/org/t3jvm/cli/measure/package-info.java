/** {@code t3 measure}: figures of videos. */
@NullMarked
package org.t3jvm.cli.measure;

import org.jspecify.annotations.NullMarked;
