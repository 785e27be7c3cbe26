__kernel void t3_reduce(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_14, b_36, b_43, b_47, b_54, b_58, b_72;
  float f_15, f_16, f_26, f_34, f_38, f_40, f_45, f_46, f_50, f_52, f_55, f_59, f_60, f_61;
  int i_5, i_7, i_9, i_11, i_13, i_17, i_18, i_19, i_20, i_21, i_22, i_23, i_24, i_25, i_27, i_28, i_29, i_35, i_37, i_39, i_41, i_42, i_44, i_48, i_49, i_51, i_53, i_57, i_62, i_67, i_68, i_69, i_70, i_71, i_74;
  long l_30, l_31, l_32, l_63, l_64, l_65;
  ulong ul_0, ul_1, ul_2, ul_4, ul_6, ul_8, ul_10, ul_12, ul_33, ul_56, ul_66, ul_73, ul_75;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  __local float adf_3[64];
  ul_4  =  ul_0 + 24L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 28L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 32L;
  i_9  =  *((__global int *) ul_8);
  ul_10  =  ul_0 + 248L;
  i_11  =  *((__global int *) ul_10);
  ul_12  =  ul_0 + 20L;
  i_13  =  *((__global int *) ul_12);
  b_14  =  i_9 == 2;
  if(b_14)
  {
    f_15  =  -1.0F / 0.0F;
    f_16  =  f_15;
  }
  else
  {
    f_16  =  0.0F;
  }
  i_17  =  get_group_id(0);
  i_18  =  i_11 + i_17;
  i_19  =  i_18 / i_7;
  i_20  =  i_5 * i_19;
  i_21  =  i_20 * i_7;
  i_22  =  i_21 + i_13;
  i_23  =  i_18 % i_7;
  i_24  =  i_22 + i_23;
  i_25  =  get_local_id(0);
  f_26  =  f_16;
  f_26  =  f_16;
  i_27  =  i_25;
  for(;i_27 < i_5;)
  {
    i_28  =  i_27 * i_7;
    i_29  =  i_24 + i_28;
    l_30  =  (long) i_29;
    l_31  =  l_30 + 4L;
    l_32  =  l_31 << 2;
    ul_33  =  ul_1 + l_32;
    f_34  =  *((__global float *) ul_33);
    i_35  =  i_27 + 64;
    b_36  =  i_9 == 2;
    if(b_36)
    {
      i_37  =  isless(f_26, f_34);
      if(i_37 == 1)
      {
        f_38  =  f_34;
      }
      else
      {
        i_39  =  isequal(f_34, f_34);
        if(i_39 == 1)
        {
          f_38  =  f_26;
        }
        else
        {
          f_38  =  f_34;
        }
      }
    }
    else
    {
      f_40  =  f_26 + f_34;
      f_38  =  f_40;
    }
    i_41  =  i_35;
    f_26  =  f_38;
    i_27  =  i_41;
  }
  adf_3[i_25]  =  f_26;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_42  =  32;
  for(;i_42 >= 1;)
  {
    b_43  =  i_25 < i_42;
    if(b_43)
    {
      i_44  =  i_42 + i_25;
      f_45  =  adf_3[i_44];
      f_46  =  adf_3[i_25];
      b_47  =  i_9 == 2;
      if(b_47)
      {
        i_48  =  isequal(f_46, f_46);
        if(i_48 == 1)
        {
          i_49  =  isless(f_46, f_45);
          if(i_49 == 1)
          {
            f_50  =  f_45;
          }
          else
          {
            i_51  =  isequal(f_45, f_45);
            if(i_51 == 1)
            {
              f_50  =  f_46;
            }
            else
            {
              f_50  =  f_45;
            }
          }
        }
        else
        {
          f_50  =  f_46;
        }
      }
      else
      {
        f_52  =  f_45 + f_46;
        f_50  =  f_52;
      }
      adf_3[i_25]  =  f_50;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_53  =  i_42 >> 1;
    i_42  =  i_53;
  }
  b_54  =  i_25 == 0;
  if(b_54)
  {
    f_55  =  adf_3[0];
    ul_56  =  ul_0 + 16L;
    i_57  =  *((__global int *) ul_56);
    b_58  =  i_9 == 1;
    if(b_58)
    {
      f_59  =  (float) i_5;
      f_60  =  f_55 / f_59;
      f_61  =  f_60;
    }
    else
    {
      f_61  =  f_55;
    }
    i_62  =  i_57 + i_18;
    l_63  =  (long) i_62;
    l_64  =  l_63 + 4L;
    l_65  =  l_64 << 2;
    ul_66  =  ul_2 + l_65;
    *((__global float *) ul_66)  =  f_61;
  }
  i_67  =  get_global_id(0);
  i_68  =  get_global_id(1);
  i_69  =  i_67 + i_68;
  i_70  =  get_global_id(2);
  i_71  =  i_69 + i_70;
  b_72  =  i_71 == 0;
  if(b_72)
  {
    ul_73  =  ul_0 + 264L;
    i_74  =  *((__global int *) ul_73);
    ul_75  =  ul_0 + 268L;
    *((__global int *) ul_75)  =  i_74;
  }
  return;
}
