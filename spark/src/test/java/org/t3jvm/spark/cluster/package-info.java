/** Clusters of processes on this machine. */
@NullMarked
package org.t3jvm.spark.cluster;

import org.jspecify.annotations.NullMarked;
