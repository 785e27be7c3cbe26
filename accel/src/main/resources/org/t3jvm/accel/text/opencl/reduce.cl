__kernel void t3_reduce(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_12, b_33, b_40, b_44, b_51, b_55, b_69;
  float f_13, f_14, f_23, f_31, f_35, f_37, f_42, f_43, f_47, f_49, f_52, f_56, f_57, f_58;
  int i_5, i_7, i_9, i_11, i_15, i_16, i_17, i_18, i_19, i_20, i_21, i_22, i_24, i_25, i_26, i_32, i_34, i_36, i_38, i_39, i_41, i_45, i_46, i_48, i_50, i_54, i_59, i_64, i_65, i_66, i_67, i_68, i_71;
  long l_27, l_28, l_29, l_60, l_61, l_62;
  ulong ul_0, ul_1, ul_2, ul_4, ul_6, ul_8, ul_10, ul_30, ul_53, ul_63, ul_70, ul_72;
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
  ul_10  =  ul_0 + 20L;
  i_11  =  *((__global int *) ul_10);
  b_12  =  i_9 == 2;
  if(b_12)
  {
    f_13  =  -1.0F / 0.0F;
    f_14  =  f_13;
  }
  else
  {
    f_14  =  0.0F;
  }
  i_15  =  get_group_id(0);
  i_16  =  i_15 / i_7;
  i_17  =  i_5 * i_16;
  i_18  =  i_17 * i_7;
  i_19  =  i_18 + i_11;
  i_20  =  i_15 % i_7;
  i_21  =  i_19 + i_20;
  i_22  =  get_local_id(0);
  f_23  =  f_14;
  f_23  =  f_14;
  i_24  =  i_22;
  for(;i_24 < i_5;)
  {
    i_25  =  i_24 * i_7;
    i_26  =  i_21 + i_25;
    l_27  =  (long) i_26;
    l_28  =  l_27 + 4L;
    l_29  =  l_28 << 2;
    ul_30  =  ul_1 + l_29;
    f_31  =  *((__global float *) ul_30);
    i_32  =  i_24 + 64;
    b_33  =  i_9 == 2;
    if(b_33)
    {
      i_34  =  isless(f_23, f_31);
      if(i_34 == 1)
      {
        f_35  =  f_31;
      }
      else
      {
        i_36  =  isequal(f_31, f_31);
        if(i_36 == 1)
        {
          f_35  =  f_23;
        }
        else
        {
          f_35  =  f_31;
        }
      }
    }
    else
    {
      f_37  =  f_23 + f_31;
      f_35  =  f_37;
    }
    i_38  =  i_32;
    f_23  =  f_35;
    i_24  =  i_38;
  }
  adf_3[i_22]  =  f_23;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_39  =  32;
  for(;i_39 >= 1;)
  {
    b_40  =  i_22 < i_39;
    if(b_40)
    {
      i_41  =  i_39 + i_22;
      f_42  =  adf_3[i_41];
      f_43  =  adf_3[i_22];
      b_44  =  i_9 == 2;
      if(b_44)
      {
        i_45  =  isequal(f_43, f_43);
        if(i_45 == 1)
        {
          i_46  =  isless(f_43, f_42);
          if(i_46 == 1)
          {
            f_47  =  f_42;
          }
          else
          {
            i_48  =  isequal(f_42, f_42);
            if(i_48 == 1)
            {
              f_47  =  f_43;
            }
            else
            {
              f_47  =  f_42;
            }
          }
        }
        else
        {
          f_47  =  f_43;
        }
      }
      else
      {
        f_49  =  f_42 + f_43;
        f_47  =  f_49;
      }
      adf_3[i_22]  =  f_47;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_50  =  i_39 >> 1;
    i_39  =  i_50;
  }
  b_51  =  i_22 == 0;
  if(b_51)
  {
    f_52  =  adf_3[0];
    ul_53  =  ul_0 + 16L;
    i_54  =  *((__global int *) ul_53);
    b_55  =  i_9 == 1;
    if(b_55)
    {
      f_56  =  (float) i_5;
      f_57  =  f_52 / f_56;
      f_58  =  f_57;
    }
    else
    {
      f_58  =  f_52;
    }
    i_59  =  i_54 + i_15;
    l_60  =  (long) i_59;
    l_61  =  l_60 + 4L;
    l_62  =  l_61 << 2;
    ul_63  =  ul_2 + l_62;
    *((__global float *) ul_63)  =  f_58;
  }
  i_64  =  get_global_id(0);
  i_65  =  get_global_id(1);
  i_66  =  i_64 + i_65;
  i_67  =  get_global_id(2);
  i_68  =  i_66 + i_67;
  b_69  =  i_68 == 0;
  if(b_69)
  {
    ul_70  =  ul_0 + 264L;
    i_71  =  *((__global int *) ul_70);
    ul_72  =  ul_0 + 268L;
    *((__global int *) ul_72)  =  i_71;
  }
  return;
}
