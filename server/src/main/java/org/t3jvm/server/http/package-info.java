/** HTTP over the JDK's server: routes, bodies with bounds, files by ranges, event streams. */
@NullMarked
package org.t3jvm.server.http;

import org.jspecify.annotations.NullMarked;
