/** Batches of videos on an Apache Spark cluster. */
@NullMarked
package org.t3jvm.spark;

import org.jspecify.annotations.NullMarked;
