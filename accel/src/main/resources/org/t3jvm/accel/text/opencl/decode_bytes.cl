__kernel void t3_decode_bytes(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_30, b_45;
  float f_39;
  int i_4, i_6, i_8, i_9, i_10, i_11, i_14, i_15, i_16, i_17, i_18, i_19, i_20, i_25, i_26, i_27, i_28, i_29, i_31, i_32, i_33, i_34, i_40, i_41, i_42, i_43, i_44, i_47;
  long l_21, l_22, l_23, l_35, l_36, l_37;
  ulong ul_0, ul_1, ul_2, ul_3, ul_5, ul_7, ul_12, ul_13, ul_24, ul_38, ul_46, ul_48;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  ul_3  =  ul_0 + 24L;
  i_4  =  *((__global int *) ul_3);
  ul_5  =  ul_0 + 260L;
  i_6  =  *((__global int *) ul_5);
  ul_7  =  ul_0 + 248L;
  i_8  =  *((__global int *) ul_7);
  i_9  =  i_8 << 6;
  i_10  =  get_global_id(0);
  i_11  =  i_9 + i_10;
  ul_12  =  ul_0 + 16L;
  ul_13  =  ul_0 + 20L;
  i_14  =  i_11;
  for(;i_14 < i_4;)
  {
    i_15  =  *((__global int *) ul_13);
    i_16  =  i_14 >> 31;
    i_17  =  i_16 >> 30;
    i_18  =  i_17 + i_14;
    i_19  =  i_18 >> 2;
    i_20  =  i_19 + i_15;
    l_21  =  (long) i_20;
    l_22  =  l_21 + 4L;
    l_23  =  l_22 << 2;
    ul_24  =  ul_1 + l_23;
    i_25  =  *((__global int *) ul_24);
    i_26  =  i_14 % 4;
    i_27  =  i_26 << 3;
    i_28  =  i_25 >> i_27;
    i_29  =  i_28 & 255;
    b_30  =  i_29 >= 0 && i_29 < 128;
    if(b_30)
    {
      i_31  =  i_29;
    }
    else
    {
      i_32  =  i_29 + -256;
      i_31  =  i_32;
    }
    i_33  =  *((__global int *) ul_12);
    i_34  =  i_33 + i_14;
    l_35  =  (long) i_34;
    l_36  =  l_35 + 4L;
    l_37  =  l_36 << 2;
    ul_38  =  ul_2 + l_37;
    f_39  =  (float) i_31;
    *((__global float *) ul_38)  =  f_39;
    i_40  =  i_6 + i_14;
    i_14  =  i_40;
  }
  i_41  =  get_global_id(1);
  i_42  =  i_41 + i_10;
  i_43  =  get_global_id(2);
  i_44  =  i_42 + i_43;
  b_45  =  i_44 == 0;
  if(b_45)
  {
    ul_46  =  ul_0 + 264L;
    i_47  =  *((__global int *) ul_46);
    ul_48  =  ul_0 + 268L;
    *((__global int *) ul_48)  =  i_47;
  }
  return;
}
