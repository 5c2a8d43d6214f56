/**
 * For 127.0.0.1 and localhost, signed by nobody that anybody trusts: what stands in for a wrong certificate. Made with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost`; its key
 * protects nothing.
 */
export const untrusted = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgy4lvcXmMqOlWcPic
5Avc9UK36MqPPMMQJDEVUMY1tKqhRANCAARCUdDy092uOfNWVA+QqI1lnns3FB0k
3zMSusAu+XF2OZrilj44eJp3kHwG5WORPFNDk4zR8L1Fps+VefU4TXsj
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUNcC7qlL64Ct6/DjqDupa+mJgNe8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDE1MDMxNloYDzIxMjYxMDMx
MTUwMzE2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARCUdDy092uOfNWVA+QqI1lnns3FB0k3zMSusAu+XF2OZrilj44eJp3
kHwG5WORPFNDk4zR8L1Fps+VefU4TXsjo28wbTAdBgNVHQ4EFgQUiLT1C0RjOhB8
7+n3kSkf2fgJLkQwHwYDVR0jBBgwFoAUiLT1C0RjOhB87+n3kSkf2fgJLkQwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgScDyHf85+HDx8TJhVxSYvePXQUZD6AQHlyld6dlK+1cCIQDl
O0bTdmn8sySabL0ZXDenWSx8DOq8jTrExZXw5DYeWA==
-----END CERTIFICATE-----`,
};
