/** The guide of the server, line by line. */
@NullMarked
package org.t3jvm.server.docs;

import org.jspecify.annotations.NullMarked;
