/** Models, pictures and videos between Hadoop's file systems and a node's disk. */
@NullMarked
package org.t3jvm.spark.files;

import org.jspecify.annotations.NullMarked;
