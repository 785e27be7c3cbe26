package org.t3jvm.model.media;

/** What may be in a file: the demuxers and decoders that may see its bytes, by FFmpeg's names. */
public enum MediaKind {
  /** Containers that hold their pictures themselves; playlists and scripts are not among them. */
  VIDEO(
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf,gif,ivf,mxf,yuv4mpegpipe",
      "h264,hevc,av1,libdav1d,vp8,vp9,libvpx-vp9,mpeg1video,mpeg2video,mpeg4,msmpeg4v2,msmpeg4,"
          + "h263,flv,wmv1,wmv2,wmv3,vc1,theora,mjpeg,prores,dnxhd,cfhd,ffv1,ffvhuff,huffyuv,"
          + "utvideo,qtrle,rawvideo,png,gif,jpeg2000,v210",
      "is no video that FFmpeg reads; give an MP4 or the like, or a folder of PNG frames"),
  /** A still picture in WebP. */
  WEBP("webp_pipe", "webp", "is no WebP image that FFmpeg reads; save it as PNG");

  private final String formats;
  private final String codecs;
  private final String refusal;

  MediaKind(String formats, String codecs, String refusal) {
    this.formats = formats;
    this.codecs = codecs;
    this.refusal = refusal;
  }

  String formats() {
    return formats;
  }

  String codecs() {
    return codecs;
  }

  /** What is wrong with a file of any other format, in words that follow its name. */
  String refusal() {
    return refusal;
  }
}
