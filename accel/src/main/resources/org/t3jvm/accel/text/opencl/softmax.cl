__kernel void t3_softmax(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_31, b_51, b_80;
  float f_16, f_18, f_25, f_28, f_33, f_34, f_37, f_38, f_45, f_46, f_47, f_48, f_52, f_54, f_55, f_57, f_65, f_71, f_72, f_73;
  int i_5, i_7, i_9, i_11, i_12, i_13, i_14, i_15, i_17, i_19, i_20, i_26, i_27, i_29, i_30, i_32, i_35, i_36, i_39, i_40, i_49, i_50, i_53, i_56, i_58, i_59, i_60, i_66, i_74, i_75, i_76, i_77, i_78, i_79, i_82;
  long l_21, l_22, l_23, l_41, l_42, l_43, l_61, l_62, l_63, l_67, l_68, l_69;
  ulong ul_0, ul_1, ul_2, ul_4, ul_6, ul_8, ul_10, ul_24, ul_44, ul_64, ul_70, ul_81, ul_83;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  __local float adf_3[64];
  ul_4  =  ul_0 + 24L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 248L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 20L;
  i_9  =  *((__global int *) ul_8);
  ul_10  =  ul_0 + 16L;
  i_11  =  *((__global int *) ul_10);
  i_12  =  get_group_id(0);
  i_13  =  i_7 + i_12;
  i_14  =  i_13 * i_5;
  i_15  =  i_14 + i_9;
  f_16  =  -1.0F / 0.0F;
  i_17  =  get_local_id(0);
  f_18  =  f_16;
  i_19  =  i_17;
  for(;i_19 < i_5;)
  {
    i_20  =  i_15 + i_19;
    l_21  =  (long) i_20;
    l_22  =  l_21 + 4L;
    l_23  =  l_22 << 2;
    ul_24  =  ul_1 + l_23;
    f_25  =  *((__global float *) ul_24);
    i_26  =  i_19 + 64;
    i_27  =  isless(f_18, f_25);
    if(i_27 == 1)
    {
      f_28  =  f_25;
    }
    else
    {
      f_28  =  f_18;
    }
    i_29  =  i_26;
    f_18  =  f_28;
    i_19  =  i_29;
  }
  adf_3[i_17]  =  f_18;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_30  =  32;
  for(;i_30 >= 1;)
  {
    b_31  =  i_17 < i_30;
    if(b_31)
    {
      i_32  =  i_30 + i_17;
      f_33  =  adf_3[i_32];
      f_34  =  adf_3[i_17];
      i_35  =  isless(f_34, f_33);
      if(i_35 == 1)
      {
        adf_3[i_17]  =  f_33;
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_36  =  i_30 >> 1;
    i_30  =  i_36;
  }
  f_37  =  adf_3[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  f_38  =  0.0F;
  i_39  =  i_17;
  for(;i_39 < i_5;)
  {
    i_40  =  i_15 + i_39;
    l_41  =  (long) i_40;
    l_42  =  l_41 + 4L;
    l_43  =  l_42 << 2;
    ul_44  =  ul_1 + l_43;
    f_45  =  *((__global float *) ul_44);
    f_46  =  f_45 - f_37;
    f_47  =  exp(f_46);
    f_48  =  f_38 + f_47;
    i_49  =  i_39 + 64;
    f_38  =  f_48;
    i_39  =  i_49;
  }
  adf_3[i_17]  =  f_38;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_50  =  32;
  for(;i_50 >= 1;)
  {
    b_51  =  i_17 < i_50;
    if(b_51)
    {
      f_52  =  adf_3[i_17];
      i_53  =  i_50 + i_17;
      f_54  =  adf_3[i_53];
      f_55  =  f_52 + f_54;
      adf_3[i_17]  =  f_55;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_56  =  i_50 >> 1;
    i_50  =  i_56;
  }
  f_57  =  adf_3[0];
  i_58  =  i_11 + i_14;
  i_59  =  i_17;
  for(;i_59 < i_5;)
  {
    i_60  =  i_15 + i_59;
    l_61  =  (long) i_60;
    l_62  =  l_61 + 4L;
    l_63  =  l_62 << 2;
    ul_64  =  ul_1 + l_63;
    f_65  =  *((__global float *) ul_64);
    i_66  =  i_58 + i_59;
    l_67  =  (long) i_66;
    l_68  =  l_67 + 4L;
    l_69  =  l_68 << 2;
    ul_70  =  ul_2 + l_69;
    f_71  =  f_65 - f_37;
    f_72  =  exp(f_71);
    f_73  =  f_72 / f_57;
    *((__global float *) ul_70)  =  f_73;
    i_74  =  i_59 + 64;
    i_59  =  i_74;
  }
  i_75  =  get_global_id(0);
  i_76  =  get_global_id(1);
  i_77  =  i_75 + i_76;
  i_78  =  get_global_id(2);
  i_79  =  i_77 + i_78;
  b_80  =  i_79 == 0;
  if(b_80)
  {
    ul_81  =  ul_0 + 264L;
    i_82  =  *((__global int *) ul_81);
    ul_83  =  ul_0 + 268L;
    *((__global int *) ul_83)  =  i_82;
  }
  return;
}
