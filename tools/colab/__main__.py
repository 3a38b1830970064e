from tools.colab import main

main()
