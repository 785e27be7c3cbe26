__kernel void t3_softmax(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_28, b_48, b_77;
  float f_13, f_15, f_22, f_25, f_30, f_31, f_34, f_35, f_42, f_43, f_44, f_45, f_49, f_51, f_52, f_54, f_62, f_68, f_69, f_70;
  int i_5, i_7, i_9, i_10, i_11, i_12, i_14, i_16, i_17, i_23, i_24, i_26, i_27, i_29, i_32, i_33, i_36, i_37, i_46, i_47, i_50, i_53, i_55, i_56, i_57, i_63, i_71, i_72, i_73, i_74, i_75, i_76, i_79;
  long l_18, l_19, l_20, l_38, l_39, l_40, l_58, l_59, l_60, l_64, l_65, l_66;
  ulong ul_0, ul_1, ul_2, ul_4, ul_6, ul_8, ul_21, ul_41, ul_61, ul_67, ul_78, ul_80;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  __local float adf_3[64];
  ul_4  =  ul_0 + 24L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 20L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 16L;
  i_9  =  *((__global int *) ul_8);
  i_10  =  get_group_id(0);
  i_11  =  i_5 * i_10;
  i_12  =  i_11 + i_7;
  f_13  =  -1.0F / 0.0F;
  i_14  =  get_local_id(0);
  f_15  =  f_13;
  i_16  =  i_14;
  for(;i_16 < i_5;)
  {
    i_17  =  i_12 + i_16;
    l_18  =  (long) i_17;
    l_19  =  l_18 + 4L;
    l_20  =  l_19 << 2;
    ul_21  =  ul_1 + l_20;
    f_22  =  *((__global float *) ul_21);
    i_23  =  i_16 + 64;
    i_24  =  isless(f_15, f_22);
    if(i_24 == 1)
    {
      f_25  =  f_22;
    }
    else
    {
      f_25  =  f_15;
    }
    i_26  =  i_23;
    f_15  =  f_25;
    i_16  =  i_26;
  }
  adf_3[i_14]  =  f_15;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_27  =  32;
  for(;i_27 >= 1;)
  {
    b_28  =  i_14 < i_27;
    if(b_28)
    {
      i_29  =  i_27 + i_14;
      f_30  =  adf_3[i_29];
      f_31  =  adf_3[i_14];
      i_32  =  isless(f_31, f_30);
      if(i_32 == 1)
      {
        adf_3[i_14]  =  f_30;
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_33  =  i_27 >> 1;
    i_27  =  i_33;
  }
  f_34  =  adf_3[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  f_35  =  0.0F;
  i_36  =  i_14;
  for(;i_36 < i_5;)
  {
    i_37  =  i_12 + i_36;
    l_38  =  (long) i_37;
    l_39  =  l_38 + 4L;
    l_40  =  l_39 << 2;
    ul_41  =  ul_1 + l_40;
    f_42  =  *((__global float *) ul_41);
    f_43  =  f_42 - f_34;
    f_44  =  exp(f_43);
    f_45  =  f_35 + f_44;
    i_46  =  i_36 + 64;
    f_35  =  f_45;
    i_36  =  i_46;
  }
  adf_3[i_14]  =  f_35;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_47  =  32;
  for(;i_47 >= 1;)
  {
    b_48  =  i_14 < i_47;
    if(b_48)
    {
      f_49  =  adf_3[i_14];
      i_50  =  i_47 + i_14;
      f_51  =  adf_3[i_50];
      f_52  =  f_49 + f_51;
      adf_3[i_14]  =  f_52;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_53  =  i_47 >> 1;
    i_47  =  i_53;
  }
  f_54  =  adf_3[0];
  i_55  =  i_9 + i_11;
  i_56  =  i_14;
  for(;i_56 < i_5;)
  {
    i_57  =  i_12 + i_56;
    l_58  =  (long) i_57;
    l_59  =  l_58 + 4L;
    l_60  =  l_59 << 2;
    ul_61  =  ul_1 + l_60;
    f_62  =  *((__global float *) ul_61);
    i_63  =  i_55 + i_56;
    l_64  =  (long) i_63;
    l_65  =  l_64 + 4L;
    l_66  =  l_65 << 2;
    ul_67  =  ul_2 + l_66;
    f_68  =  f_62 - f_34;
    f_69  =  exp(f_68);
    f_70  =  f_69 / f_54;
    *((__global float *) ul_67)  =  f_70;
    i_71  =  i_56 + 64;
    i_56  =  i_71;
  }
  i_72  =  get_global_id(0);
  i_73  =  get_global_id(1);
  i_74  =  i_72 + i_73;
  i_75  =  get_global_id(2);
  i_76  =  i_74 + i_75;
  b_77  =  i_76 == 0;
  if(b_77)
  {
    ul_78  =  ul_0 + 264L;
    i_79  =  *((__global int *) ul_78);
    ul_80  =  ul_0 + 268L;
    *((__global int *) ul_80)  =  i_79;
  }
  return;
}
