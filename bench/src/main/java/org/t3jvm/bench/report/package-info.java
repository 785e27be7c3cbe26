/** Results for people and programs: table, JSON, HTML page. */
@NullMarked
package org.t3jvm.bench.report;

import org.jspecify.annotations.NullMarked;
